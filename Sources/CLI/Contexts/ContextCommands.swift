internal import ArgumentParser
internal import FieldFormats
internal import Terminal

struct ContextCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "context",
      abstract: say(
        en: "Servers and the credentials to use there.", fi: "Palvelimet ja niihin käytettävät varmenteet."),
      subcommands: [
        AddContext.self, ListContexts.self, UseContext.self, ShowContext.self, RemoveContext.self,
      ])
  }
}

struct AddContext: PunosCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "add",
      abstract: say(
        en: "Make a server known under a name; the first one becomes the current one.",
        fi: "Nimeä palvelin; ensimmäisestä tulee nykyinen."))
  }

  @Argument(help: .say(en: "What to call it.", fi: "Millä nimellä sitä kutsutaan."))
  var name: String
  @Option(help: .say(en: "Where it listens, HOST:PORT.", fi: "Missä se kuuntelee, OSOITE:PORTTI."))
  var endpoint: String
  @Option(
    help: .say(
      en: "PEM file of the authority its certificate comes from.",
      fi: "Sen varmentajan PEM-tiedosto, jolta palvelimen varmenne on."), completion: .file())
  var ca: String
  @Option(
    help: .say(en: "PEM file of your certificate.", fi: "Oman varmenteesi PEM-tiedosto."), completion: .file()
  )
  var cert: String
  @Option(help: .say(en: "PEM file of its key.", fi: "Varmenteen avaimen PEM-tiedosto."), completion: .file())
  var key: String
  @Option(
    name: .customLong("server-name"),
    help: .say(
      en: "The name in the server's certificate, where it is not HOST.",
      fi: "Nimi palvelimen varmenteessa, jos se ei ole OSOITE."))
  var serverName: String?
  @Flag(help: .say(en: "Replace a context of the same name.", fi: "Korvaa samanniminen yhteys."))
  var force = false
  @OptionGroup var trial: DryRunOption
  @OptionGroup var globals: GlobalOptions

  func perform() async throws {
    guard let (host, port) = ServerContext.split(endpoint: endpoint) else {
      throw CLIProblem(
        .usage,
        Term(
          en: "HOST:PORT was expected, \(endpoint) came.", fi: "Odotettiin OSOITE:PORTTI, tuli \(endpoint)."),
        at: "--endpoint")
    }
    guard !name.isEmpty, name.utf8.count <= 63,
      name.allSatisfy({ $0.isLetter || $0.isNumber || "._-".contains($0) })
    else {
      throw CLIProblem(
        .usage,
        Term(
          en: "A name of letters, digits, . _ and - was expected.",
          fi: "Nimessä saa olla kirjaimia, numeroita ja merkkejä . _ -"),
        at: "NAME")
    }
    for (option, file) in [("--ca", ca), ("--cert", cert), ("--key", key)] {
      guard try SmallFile.read(SmallFile.absolute(file)) != nil else {
        throw CLIProblem(
          .configuration, Term(en: "The file \(file) is not there.", fi: "Tiedostoa \(file) ei ole."),
          at: option)
      }
    }
    let path = ContextFile.path()
    var contexts = try ContextFile.load(path)
    if contexts[name] != nil {
      guard force else {
        throw CLIProblem(
          .conflict, Term(en: "There is a context \(name) already.", fi: "Yhteys \(name) on jo olemassa."),
          at: path,
          remedy: Term(
            en: "Choose another name, or say --force.", fi: "Valitse toinen nimi tai anna --force."))
      }
      contexts.contexts.removeAll { $0.name == name }
    }
    contexts.contexts.append(
      ServerContext(
        name: name, host: host, port: port, ca: SmallFile.absolute(ca), certificate: SmallFile.absolute(cert),
        key: SmallFile.absolute(key), serverName: serverName))
    if contexts.current == nil { contexts.current = name }
    let isCurrent = contexts.current == name
    guard !trial.isDryRun else {
      return try Output(noColor: globals.noColor).line(
        globals.language.say(
          en: "Context \(name) would point to \(endpoint)\(isCurrent ? " and be the current one" : "").",
          fi: "Yhteys \(name) osoittaisi palvelimeen \(endpoint)\(isCurrent ? " ja olisi nykyinen" : "")."))
    }
    try contexts.save(path)
    try Output(noColor: globals.noColor).line(
      globals.language.say(
        en: "Context \(name) points to \(endpoint)\(isCurrent ? " and is the current one" : "").",
        fi: "Yhteys \(name) osoittaa palvelimeen \(endpoint)\(isCurrent ? " ja on nykyinen" : "")."))
  }
}

struct ListContexts: PunosCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "list", abstract: say(en: "List the servers known.", fi: "Luettele tunnetut palvelimet."))
  }

  @OptionGroup var globals: GlobalOptions

  func perform() async throws {
    let contexts = try ContextFile.load(ContextFile.path())
    let language = globals.language
    let listing = Listing(
      columns: [
        .init("current", en: "", fi: ""), .init("name", en: "Name", fi: "Nimi"),
        .init("endpoint", en: "Server", fi: "Palvelin"),
        .init("certificate", en: "Certificate", fi: "Varmenne"),
      ],
      rows: contexts.contexts.map {
        [$0.name == contexts.current ? "*" : "", $0.name, $0.endpoint, $0.certificate]
      })
    try listing.write(to: Output(noColor: globals.noColor), globals.output, language)
  }
}

struct UseContext: PunosCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "use",
      abstract: say(en: "Make a context the current one.", fi: "Valitse yhteys nykyiseksi."))
  }

  @Argument(
    help: .say(en: "Its name.", fi: "Sen nimi."), completion: .custom { _, _, _ in Completions.contexts() })
  var name: String
  @OptionGroup var trial: DryRunOption
  @OptionGroup var globals: GlobalOptions

  func perform() async throws {
    let path = ContextFile.path()
    var contexts = try ContextFile.load(path)
    let chosen = try contexts.chosen(name, path: path)
    contexts.current = chosen.name
    guard !trial.isDryRun else {
      return try Output(noColor: globals.noColor).line(
        globals.language.say(
          en: "Commands would go to \(chosen.name) (\(chosen.endpoint)).",
          fi: "Komennot menisivät palvelimelle \(chosen.name) (\(chosen.endpoint))."))
    }
    try contexts.save(path)
    try Output(noColor: globals.noColor).line(
      globals.language.say(
        en: "Commands now go to \(chosen.name) (\(chosen.endpoint)).",
        fi: "Komennot menevät nyt palvelimelle \(chosen.name) (\(chosen.endpoint))."))
  }
}

struct ShowContext: PunosCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "show",
      abstract: say(
        en: "Show a context, the current one where none is named.",
        fi: "Näytä yhteys; nykyinen, jos mitään ei nimetä."))
  }

  @Argument(
    help: .say(en: "Its name.", fi: "Sen nimi."), completion: .custom { _, _, _ in Completions.contexts() })
  var name: String?
  @OptionGroup var globals: GlobalOptions

  func perform() async throws {
    let path = ContextFile.path()
    let context = try ContextFile.load(path).chosen(name ?? globals.contextName, path: path)
    let listing = Listing(
      columns: [
        .init("name", en: "Name", fi: "Nimi"), .init("endpoint", en: "Server", fi: "Palvelin"),
        .init("ca", en: "Authority", fi: "Varmentaja"),
        .init("certificate", en: "Certificate", fi: "Varmenne"),
        .init("key", en: "Key", fi: "Avain"),
        .init("server_name", en: "Server's name", fi: "Palvelimen nimi"),
        .init("file", en: "Kept in", fi: "Tiedosto"),
      ],
      rows: [
        [
          context.name, context.endpoint, context.ca, context.certificate, context.key,
          context.serverName ?? "",
          path,
        ]
      ])
    try listing.writeRecord(to: Output(noColor: globals.noColor), globals.output, globals.language)
  }
}

struct RemoveContext: PunosCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "remove",
      abstract: say(
        en: "Forget a context; the certificate's files stay.",
        fi: "Unohda yhteys; varmenteen tiedostot jäävät."))
  }

  @Argument(
    help: .say(en: "Its name.", fi: "Sen nimi."), completion: .custom { _, _, _ in Completions.contexts() })
  var name: String
  @OptionGroup var trial: DryRunOption
  @OptionGroup var globals: GlobalOptions

  func perform() async throws {
    let path = ContextFile.path()
    var contexts = try ContextFile.load(path)
    let chosen = try contexts.chosen(name, path: path)
    contexts.contexts.removeAll { $0.name == chosen.name }
    if contexts.current == chosen.name { contexts.current = nil }
    guard !trial.isDryRun else {
      return try Output(noColor: globals.noColor).line(
        globals.language.say(
          en: "Would forget \(chosen.name).", fi: "Yhteys \(chosen.name) unohdettaisiin."))
    }
    try contexts.save(path)
    try Output(noColor: globals.noColor).line(
      globals.language.say(en: "Forgot \(chosen.name).", fi: "Yhteys \(chosen.name) unohdettiin."))
  }
}
