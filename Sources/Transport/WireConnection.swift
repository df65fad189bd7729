package import HTTP2
package import NIOCore
package import TLS

/// Takes what happens to a connection below its calls; called on its loop.
package protocol WireConnectionOwner: AnyObject {
  /// TLS stands; the peer's certificate can be asked for.
  func established()
  /// The connection is about to lose its streams, for the reason given; nil for an orderly end.
  func closing(_ reason: WireFailure?)
  /// The connection is gone.
  func closed(_ reason: WireFailure?)
  /// Looks at its timeouts.
  func tick(_ now: NIODeadline)
}

/// Why a connection ended out of order.
package enum WireFailure: Error, Sendable {
  case tls(TLSError)
  case http2(HTTP2Error)
  case io(any Error)
  case timeout(String)
}

/// A socket, TLS and HTTP/2 joined: the same for server and client.
///
/// Belongs to its loop; not Sendable.
package final class WireConnection: ChannelInboundHandler, LoopConnection {
  package typealias InboundIn = ByteBuffer
  package typealias OutboundOut = ByteBuffer

  /// Plaintext gathered before it is encrypted: a few TLS records, so that a long body shares the loop.
  private static let outputStep = 64 << 10
  /// What waits in a socket's queue before HTTP/2 is asked for more; and when it is asked again.
  package static let writeWatermarks = ChannelOptions.Types.WriteBufferWaterMark(
    low: 64 << 10, high: 256 << 10)
  /// How long a closing connection still listens, so that the peer can read our last words before the
  /// operating system answers its late bytes with a reset.
  private static let lingering = TimeAmount.seconds(1)

  package let tls: TLSSession
  package let session: HTTP2Session
  package let loop: ConnectionLoop
  package var owner: (any WireConnectionOwner)?
  /// When bytes last came in.
  package private(set) var lastRead: NIODeadline
  /// Since when the socket has taken nothing, or nil while it takes.
  package private(set) var blockedSince: NIODeadline?
  package private(set) var isClosing = false
  /// Whether anything came in.
  package private(set) var hasReceived = false
  /// Whether the socket was ever connected.
  package private(set) var hasBegun = false

  private var context: ChannelHandlerContext?
  private var isDirty = false
  private var inputClosed = false
  private var reported = false
  private var failure: WireFailure?

  package init(tls: TLSSession, session: HTTP2Session, loop: ConnectionLoop) {
    self.tls = tls
    self.session = session
    self.loop = loop
    lastRead = .now()
  }

  /// The socket's far end.
  package var remoteAddress: SocketAddress? { context?.remoteAddress }

  // MARK: Socket events

  package func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    if context.channel.isActive { begin() }
  }

  package func channelActive(context: ChannelHandlerContext) {
    self.context = context
    begin()
    context.fireChannelActive()
  }

  private func begin() {
    guard !hasBegun else { return }
    hasBegun = true
    loop.add(self)
    loop.turn {
      stepHandshake()
      markDirty()
    }
  }

  package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    lastRead = .now()
    hasReceived = true
    guard !isClosing else { return }
    loop.turn {
      do throws(TLSError) {
        let failure = buffer.withUnsafeReadableBytes { bytes -> TLSError? in
          do throws(TLSError) { try tls.receive(bytes) } catch { return error }
          return nil
        }
        if let failure { throw failure }
        stepHandshake()
        if tls.isEstablished { try readPlaintext() }
      } catch {
        fail(.tls(error))
      }
      markDirty()
    }
  }

  private func stepHandshake() {
    guard !tls.isEstablished, !isClosing else { return }
    do throws(TLSError) {
      if try tls.handshake() { owner?.established() }
    } catch {
      fail(.tls(error))
    }
  }

  private func readPlaintext() throws(TLSError) {
    while !isClosing, !inputClosed {
      switch try tls.read(into: loop.scratch) {
      case .bytes(let count):
        do throws(HTTP2Error) {
          try session.receive(
            UnsafeRawBufferPointer(rebasing: loop.scratch[..<count]), now: lastRead.uptimeNanoseconds)
        } catch {
          fail(.http2(error))
        }
      case .needsMore:
        return
      case .closed:
        inputClosed = true
        close(nil)
      }
    }
  }

  package func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable {
      blockedSince = nil
      loop.turn { markDirty() }
    } else if blockedSince == nil {
      blockedSince = .now()
    }
    context.fireChannelWritabilityChanged()
  }

  package func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if failure == nil { failure = .io(error) }
    context.close(promise: nil)
  }

  package func channelInactive(context: ChannelHandlerContext) {
    isClosing = true
    loop.remove(self)
    loop.turn {
      report()
    }
    letGo()
    context.fireChannelInactive()
  }

  /// Comes without `channelInactive` for a socket that never connected.
  package func handlerRemoved(context: ChannelHandlerContext) {
    isClosing = true
    loop.remove(self)
    report()
    letGo()
  }

  /// Opens the circles between this connection, its owner and its session.
  private func letGo() {
    owner = nil
    session.delegate = nil
    context = nil
  }

  private func report() {
    guard !reported else { return }
    reported = true
    owner?.closing(failure)
    session.closeAllStreams(.cancel)
    owner?.closed(failure)
  }

  // MARK: Sending

  /// Asks for a flush at the end of the loop's turn.
  package func markDirty() {
    guard !isDirty else { return }
    isDirty = true
    loop.markDirty(self)
  }

  package func flushNow() {
    isDirty = false
    guard let context else { return }
    var wrote = false
    do {
      while tls.isEstablished, context.channel.isWritable, !outputClosed {
        loop.plaintext.removeAll(keepingCapacity: true)
        try session.output(into: &loop.plaintext, upTo: Self.outputStep)
        guard !loop.plaintext.isEmpty else { break }
        try loop.plaintext.withUnsafeBytes { try tls.write($0) }
        wrote = writeCiphertext(context) || wrote
      }
    } catch let error as TLSError {
      fail(.tls(error))
    } catch let error as HTTP2Error {
      fail(.http2(error))
    } catch {
      fail(.io(error))
    }
    wrote = writeCiphertext(context) || wrote
    if wrote { context.flush() }
    if !isClosing, tls.isEstablished, session.isFinished { close(nil) }
    if isClosing { finishClosing(context) }
  }

  private func writeCiphertext(_ context: ChannelHandlerContext) -> Bool {
    let buffer = tls.withOutput { bytes in
      var buffer = context.channel.allocator.buffer(capacity: bytes.count)
      buffer.writeBytes(bytes)
      return buffer
    }
    guard let buffer else { return false }
    context.write(wrapOutboundOut(buffer), promise: nil)
    return true
  }

  // MARK: Closing

  /// Ends the connection for a failure; what is still to be said (an alert, a GOAWAY) is sent first.
  package func fail(_ failure: WireFailure) {
    guard !isClosing else { return }
    self.failure = failure
    close(failure)
  }

  /// Ends the connection in order.
  package func close(_ failure: WireFailure? = nil) {
    guard !isClosing else { return }
    isClosing = true
    if self.failure == nil { self.failure = failure }
    markDirty()
  }

  private var outputClosed = false

  private func finishClosing(_ context: ChannelHandlerContext) {
    guard !outputClosed else { return }
    outputClosed = true
    tls.shutDown()
    if writeCiphertext(context) { context.flush() }
    report()
    let channel = context.channel
    if inputClosed {
      channel.close(promise: nil)
    } else {
      context.close(mode: .output, promise: nil)
      context.eventLoop.scheduleTask(in: Self.lingering) { channel.close(promise: nil) }
    }
  }

  /// Ends the connection at once, without a word.
  package func abort(_ failure: WireFailure) {
    if self.failure == nil { self.failure = failure }
    isClosing = true
    context?.close(promise: nil)
  }

  package func tick(_ now: NIODeadline) { owner?.tick(now) }
}
