internal import ArgumentParser
internal import Glibc
internal import PunosAPI
internal import PunosMessages
internal import RPC
internal import Terminal

/// Finds what is wrong with the way to the server.
struct DoctorCommand: PunosCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "doctor",
      abstract: say(
        en: "Find what is wrong with context, certificates, connection, clock or version.",
        fi: "Selvitä, mitä vikaa on yhteydessä, varmenteissa, kellossa tai versiossa."))
  }

  @OptionGroup var globals: GlobalOptions

  /// What a check found.
  struct Finding: Sendable {
    enum Verdict: String, Sendable { case good, warning, bad }
    var verdict: Verdict
    var what: Term
    var remedy: Term?
  }

  func perform() async throws {
    var findings = Doctor.checkContext(globals)
    if let context = findings.context { findings.list += Doctor.checkFiles(context) }
    if findings.context != nil, !findings.list.contains(where: { $0.verdict == .bad }) {
      findings.list += await Doctor.checkServer(globals)
    }
    try print(findings.list)
    guard findings.list.allSatisfy({ $0.verdict != .bad }) else { throw CLIProblem(.failure, .verbatim("")) }
  }

  private func print(_ findings: [Finding]) throws {
    let output = Output(noColor: globals.noColor)
    let language = globals.language
    guard globals.output == .table else {
      return try Listing(
        columns: [
          .init("verdict", en: "Verdict", fi: "Arvio"), .init("what", en: "Found", fi: "Havainto"),
          .init("remedy", en: "Do", fi: "Tee"),
        ],
        rows: findings.map { [$0.verdict.rawValue, $0.what(in: language), $0.remedy?(in: language) ?? ""] }
      ).write(to: output, globals.output, language)
    }
    for finding in findings {
      let mark =
        switch finding.verdict {
        case .good: output.style.good("✓")
        case .warning: output.style.warning("!")
        case .bad: output.style.bad("✗")
        }
      for (index, line) in DisplayWidth.wrapped(
        DisplayWidth.harmless(finding.what(in: language)), to: output.width - 2
      )
      .enumerated() {
        try output.line(index == 0 ? "\(mark) \(line)" : "  \(line)")
      }
      guard let remedy = finding.remedy else { continue }
      try output.lines(
        DisplayWidth.wrapped(DisplayWidth.harmless(remedy(in: language)), to: output.width - 4).enumerated()
          .map {
            ($0 == 0 ? "  → " : "    ") + $1
          })
    }
  }
}

/// The checks of ``DoctorCommand``, from near to far.
enum Doctor {
  typealias Finding = DoctorCommand.Finding

  /// How much two clocks may differ before times in histories mislead people.
  private static let largestClockDifference: Int64 = 30
  /// Days before a certificate's end at which it is time for a new one.
  private static let daysBeforeEnd: Int64 = 21

  static func checkContext(_ globals: GlobalOptions) -> (context: ServerContext?, list: [Finding]) {
    let path = ContextFile.path()
    do throws(CLIProblem) {
      let context = try ContextFile.load(path).chosen(globals.contextName, path: path)
      var findings = [
        Finding(
          verdict: .good,
          what: Term(
            en: "Context \(context.name): \(context.endpoint) (\(path))",
            fi: "Yhteys \(context.name): \(context.endpoint) (\(path))"))
      ]
      if let finding = checkPrivate(path) { findings.append(finding) }
      return (context, findings)
    } catch {
      return (nil, [Finding(verdict: .bad, what: error.what, remedy: error.remedy)])
    }
  }

  /// A warning where others may read what is the user's own.
  private static func checkPrivate(_ path: String) -> Finding? {
    var facts = stat()
    guard stat(path, &facts) == 0, facts.st_mode & 0o077 != 0 else { return nil }
    return Finding(
      verdict: .warning,
      what: Term(en: "Others can read \(path).", fi: "Muutkin voivat lukea tiedoston \(path)."),
      remedy: Term(en: "chmod 600 \(path)", fi: "chmod 600 \(path)"))
  }

  static func checkFiles(_ context: ServerContext) -> [Finding] {
    var findings: [Finding] = []
    for (path, title) in [
      (context.ca, Term(en: "authority", fi: "varmentaja")),
      (context.certificate, Term(en: "certificate", fi: "varmenne")),
    ] {
      findings.append(checkCertificate(path, title))
    }
    do throws(CLIProblem) {
      if try SmallFile.read(context.key) == nil {
        findings.append(missing(context.key, Term(en: "key", fi: "avain")))
      } else if let finding = checkPrivate(context.key) {
        findings.append(finding)
      }
    } catch {
      findings.append(Finding(verdict: .bad, what: error.what, remedy: error.remedy))
    }
    return findings
  }

  private static func missing(_ path: String, _ title: Term) -> Finding {
    Finding(
      verdict: .bad,
      what: Term(
        en: "The \(title.english) \(path) is not there.", fi: "Tiedostoa \(path) (\(title.finnish)) ei ole."),
      remedy: Term(
        en: "Put it there, or add the context again: punos context add … --force",
        fi: "Tuo se sinne tai lisää yhteys uudelleen: punos context add … --force"))
  }

  private static func checkCertificate(_ path: String, _ title: Term) -> Finding {
    do throws(CLIProblem) {
      guard let bytes = try SmallFile.read(path) else { return missing(path, title) }
      guard let dates = CertificateDates(pem: bytes) else {
        return Finding(
          verdict: .bad,
          what: Term(
            en: "\(path) holds no certificate in PEM.", fi: "Tiedostossa \(path) ei ole PEM-varmennetta."),
          remedy: Term(
            en:
              "It begins with -----BEGIN CERTIFICATE-----; name the right file with punos context add … --force",
            fi:
              "Se alkaa rivillä -----BEGIN CERTIFICATE-----; nimeä oikea tiedosto: punos context add … --force"
          ))
      }
      return judge(dates, path, title)
    } catch {
      return Finding(verdict: .bad, what: error.what, remedy: error.remedy)
    }
  }

  static func judge(_ dates: CertificateDates, _ path: String, _ title: Term, now: Int64 = Int64(time(nil)))
    -> Finding
  {
    let english = LocaleFormat(.english).moment(dates.notAfter)
    let finnish = LocaleFormat(.finnish).moment(dates.notAfter)
    let renewal = Term(
      en: "An administrator makes a new one: punosd cert issue",
      fi: "Ylläpitäjä tekee uuden: punosd cert issue")
    if now < dates.notBefore {
      return Finding(
        verdict: .bad,
        what: Term(
          en: "The \(title.english) \(path) is not valid yet.",
          fi: "\(path) (\(title.finnish)) ei ole vielä voimassa."),
        remedy: Term(en: "Check this computer's clock and date.", fi: "Tarkista tämän koneen kello ja päivä.")
      )
    }
    if now > dates.notAfter {
      return Finding(
        verdict: .bad,
        what: Term(
          en: "The \(title.english) \(path) expired on \(english).",
          fi: "\(path) (\(title.finnish)) vanheni \(finnish)."),
        remedy: renewal)
    }
    let days = (dates.notAfter - now) / 86_400
    return Finding(
      verdict: days < daysBeforeEnd ? .warning : .good,
      what: Term(
        en: "The \(title.english) is valid until \(english) (\(days) days).",
        fi:
          "\(title.finnish.prefix(1).uppercased() + title.finnish.dropFirst()) on voimassa \(finnish) asti (\(days) päivää)."
      ),
      remedy: days < daysBeforeEnd ? renewal : nil)
  }

  static func checkServer(_ globals: GlobalOptions) async -> [Finding] {
    do {
      let session = try Session(globals)
      let began = ContinuousClock.now
      let info = try await session.server.getServerInfo(
        GetServerInfoRequest(), CallOptions(timeout: .seconds(10)))
      let (seconds, attoseconds) = began.duration(to: .now).components
      let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
      return judge(info, milliseconds: milliseconds, now: Int64(time(nil)))
    } catch {
      let problem: CLIProblem
      if let rpc = error as? RPCError {
        problem = CLIProblem(rpc, endpoint: "")
      } else {
        problem = CLIProblem(any: error, globals)
      }
      // The doctor is here already.
      let remedy = problem.exit == .unreachable ? nil : problem.remedy
      return [Finding(verdict: .bad, what: problem.what, remedy: remedy)]
    }
  }

  static func judge(_ info: GetServerInfoResponse, milliseconds: Int64, now: Int64) -> [Finding] {
    var findings = [
      Finding(
        verdict: .good,
        what: Term(
          en:
            "The server answers in \(milliseconds) ms and takes you for \(info.principal) of \(info.team), \(info.tenant).",
          fi:
            "Palvelin vastaa \(milliseconds) ms:ssa; olet sille \(info.principal), tiimi \(info.team), \(info.tenant)."
        ))
    ]
    if info.version == ClientVersion.text {
      findings.append(
        Finding(
          verdict: .good,
          what: Term(
            en: "Client and server are version \(info.version).",
            fi: "Asiakasohjelma ja palvelin: versio \(info.version).")))
    } else {
      findings.append(
        Finding(
          verdict: .warning,
          what: Term(
            en: "The server is version \(info.version), this client \(ClientVersion.text).",
            fi: "Palvelimen versio on \(info.version), tämän ohjelman \(ClientVersion.text)."),
          remedy: Term(en: "Bring the older one up to date.", fi: "Päivitä vanhempi.")))
    }
    let (difference, _) = (info.time?.seconds ?? now).subtractingReportingOverflow(now)
    if difference.magnitude > largestClockDifference.magnitude {
      findings.append(
        Finding(
          verdict: .warning,
          what: Term(
            en: "This computer's clock and the server's differ by \(difference.magnitude) s.",
            fi: "Tämän koneen ja palvelimen kellot eroavat \(difference.magnitude) s."),
          remedy: Term(
            en: "Set this computer's clock by the network (timedatectl set-ntp true).",
            fi: "Aseta kello verkon mukaan (timedatectl set-ntp true).")))
    } else {
      findings.append(
        Finding(verdict: .good, what: Term(en: "The clocks agree.", fi: "Kellot ovat samassa ajassa.")))
    }
    if !info.writable {
      findings.append(
        Finding(
          verdict: .warning,
          what: Term(
            en: "The server takes no changes now: \(info.notWritableReason)",
            fi: "Palvelin ei nyt ota muutoksia: \(info.notWritableReason)")))
    }
    return findings
  }
}
