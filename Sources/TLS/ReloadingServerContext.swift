internal import Glibc
import Synchronization

/// A server's TLS context that follows its files: a changed certificate, key or CA is used for new handshakes
/// without a restart, and a bad one is refused while the old stays in use.
public final class ReloadingServerContext: Sendable {
  /// Where everything lies.
  public struct Files: Sendable, Hashable {
    /// PEM, the leaf first, then its chain.
    public var certificate: String
    /// PEM, not encrypted.
    public var key: String
    /// PEM with the CAs that clients' certificates are checked against.
    public var clientCA: String?

    /// Names the files.
    public init(certificate: String, key: String, clientCA: String? = nil) {
      self.certificate = certificate
      self.key = key
      self.clientCA = clientCA
    }
  }

  /// What looking at the files came to.
  public enum Change: Sendable {
    /// New files are in use from now on.
    case replaced
    /// New files cannot be used; the old ones stay. Told once for each change.
    case refused(TLSError)
  }

  /// What tells one state of a file from another without reading it.
  private struct Stamp: Hashable {
    var device: UInt
    var inode: UInt
    var size: Int
    var seconds: Int
    var nanoseconds: Int

    static func of(_ path: String) -> Stamp? {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      return Stamp(
        device: status.st_dev, inode: status.st_ino, size: status.st_size,
        seconds: status.st_ctim.tv_sec, nanoseconds: status.st_ctim.tv_nsec)
    }
  }

  private struct State {
    var context: TLSContext
    var stamps: [Stamp?]
  }

  private let files: Files
  private let clients: ClientCertificates
  private let report: @Sendable (Change) -> Void
  private let state: Mutex<State>

  /// Loads the files.
  ///
  /// - Parameters:
  ///   - files: where they lie.
  ///   - clients: whether clients show certificates.
  ///   - report: told of each change of the files after this.
  public init(
    _ files: Files, clients: ClientCertificates, report: @escaping @Sendable (Change) -> Void
  ) throws(TLSError) {
    self.files = files
    self.clients = clients
    self.report = report
    let stamps = Self.stamps(files)
    let context = try TLSContext.server(
      certificateFile: files.certificate, keyFile: files.key, clientCAFile: files.clientCA, clients: clients)
    state = Mutex(State(context: context, stamps: stamps))
  }

  private static func stamps(_ files: Files) -> [Stamp?] {
    [Stamp.of(files.certificate), Stamp.of(files.key), files.clientCA.flatMap(Stamp.of)]
  }

  /// The context for the next handshake: three `stat` calls, and a reload when a file has changed.
  public func current() -> TLSContext {
    let stamps = Self.stamps(files)
    var change: Change?
    let context = state.withLock { state -> TLSContext in
      guard stamps != state.stamps else { return state.context }
      // Remembered also when the files are bad, so that each bad state is reported once.
      state.stamps = stamps
      do throws(TLSError) {
        state.context = try TLSContext.server(
          certificateFile: files.certificate, keyFile: files.key, clientCAFile: files.clientCA,
          clients: clients)
        change = .replaced
      } catch {
        change = .refused(error)
      }
      return state.context
    }
    if let change { report(change) }
    return context
  }
}
