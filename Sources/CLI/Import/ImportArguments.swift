public import ArgumentParser
public import DataFiles

extension ImportFormat: ExpressibleByArgument {}
extension MappingProfile: ExpressibleByArgument {}
extension TextEncoding: ExpressibleByArgument {}
extension Registry: ExpressibleByArgument {}
