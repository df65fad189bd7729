// PunosAPI
