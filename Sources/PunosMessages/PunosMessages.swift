// PunosMessages
