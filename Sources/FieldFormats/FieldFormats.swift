// FieldFormats
