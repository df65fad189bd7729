internal import Client
internal import PunosAPI
internal import RPC
internal import Synchronization
internal import Terminal

/// What a command works with: the user's language and terminal, and the server.
struct Session: Sendable {
  /// The language to speak.
  let language: Language
  /// The terminal.
  let output: Output
  /// The form of what is printed.
  let format: OutputMode
  /// The server and credential in use.
  let context: ServerContext
  let channel: GRPCChannel

  /// How long a single answer may take. A view takes milliseconds; a person gives up after some seconds anyway.
  static let patience = Duration.seconds(30)

  /// Chooses the context and gets a channel to it, which connects with the first call.
  init(_ globals: GlobalOptions) throws {
    try self.init(
      contextName: globals.contextName, language: globals.language, format: globals.output,
      noColor: globals.noColor)
  }

  /// The same from single choices.
  init(contextName: String?, language: Language, format: OutputMode, noColor: Bool) throws {
    self.language = language
    self.format = format
    output = Output(noColor: noColor)
    let path = ContextFile.path()
    context = try ContextFile.load(path).chosen(contextName, path: path)
    channel = try Self.channel(to: context)
  }

  var accounts: AccountServiceClient { AccountServiceClient(channel) }
  var contacts: ContactServiceClient { ContactServiceClient(channel) }
  var views: AccountViewServiceClient { AccountViewServiceClient(channel) }
  var changes: ChangeServiceClient { ChangeServiceClient(channel) }
  var searching: SearchServiceClient { SearchServiceClient(channel) }
  var network: NetworkServiceClient { NetworkServiceClient(channel) }
  var rhythms: RhythmServiceClient { RhythmServiceClient(channel) }
  var privacy: PrivacyServiceClient { PrivacyServiceClient(channel) }
  var server: ServerServiceClient { ServerServiceClient(channel) }

  /// Options of a single call.
  var call: CallOptions { CallOptions(timeout: Self.patience) }

  /// Chooses between two texts.
  func say(en english: String, fi finnish: String) -> String { language.say(en: english, fi: finnish) }

  /// Chooses between what a server says in two languages; in English where an older one says nothing else.
  func told(_ english: String, _ finnish: String) -> String {
    say(en: english, fi: finnish.isEmpty ? english : finnish)
  }

  // MARK: Channels

  /// Channels by context, so that the commands of a shell share one connection.
  private static let open = Mutex<[ServerContext: GRPCChannel]>([:])

  private static func channel(to context: ServerContext) throws -> GRPCChannel {
    try open.withLock { channels in
      if let channel = channels[context] { return channel }
      for (file, kind) in [(context.ca, "--ca"), (context.certificate, "--cert"), (context.key, "--key")] {
        guard try SmallFile.read(file) != nil else {
          throw CLIProblem(
            .configuration, Term(en: "The file \(file) is not there.", fi: "Tiedostoa \(file) ei ole."),
            at: "context \(context.name)",
            remedy: Term(
              en: "Put it there, or name another: punos context add \(context.name) --force … \(kind) FILE",
              fi:
                "Tuo se sinne tai nimeä toinen: punos context add \(context.name) --force … \(kind) TIEDOSTO")
          )
        }
      }
      var configuration = ClientConfiguration(
        host: context.host, port: context.port, caFile: context.ca, certificateFile: context.certificate,
        keyFile: context.key)
      configuration.serverName = context.serverName
      // A person who tries again means now; an import makes pauses of its own.
      configuration.backoff = .zero
      configuration.backoffLimit = .zero
      configuration.userAgent = "punos/\(ClientVersion.text)"
      let channel: GRPCChannel
      do {
        channel = try GRPCChannel(configuration)
      } catch {
        throw CLIProblem(
          .configuration,
          Term(
            en: "The certificates of context \(context.name) cannot be used.",
            fi: "Yhteyden \(context.name) varmenteita ei voi käyttää."),
          at: context.certificate, details: ["\(error)"],
          remedy: Term(
            en: "Find out which one is wrong: punos doctor",
            fi: "Selvitä, mikä niistä on viallinen: punos doctor"))
      }
      channels[context] = channel
      return channel
    }
  }

  /// Closes every connection; for the end of the program.
  static func closeAll() async {
    for channel in open.withLock({ channels in
      defer { channels = [:] }
      return Array(channels.values)
    }) {
      await channel.close()
    }
  }
}

/// The client's version.
public enum ClientVersion {
  /// As `punos version` prints it.
  public static let text = "0.1.0"
}
