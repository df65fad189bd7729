/// How a SQLite store is opened.
public struct SQLiteStoreOptions: Sendable {
  /// Threads for lists, histories and the like.
  public var workers: Int
  /// How long a change stays in the log. Time travel and late watchers go back as far. Not under
  /// ``requestRetention``.
  public var keepsChangesFor: Duration
  /// How long a repeated request id is known.
  public var requestRetention: Duration
  /// Revisions a watcher may fall behind once it has caught up.
  public var watcherLag: Int64
  /// Bytes of durable changes that may wait in memory for the tables; beyond, commits wait.
  public var tailBytes: Int
  /// Ceiling of the applier's page cache, in KiB. Each reader has ``readerCacheKilobytes``.
  public var tablesCacheKilobytes: Int
  public var readerCacheKilobytes: Int
  /// Virtual machine steps of SQLite after which a list or count is given up as too expensive; about 20
  /// million a second.
  public var queryWork: Int
  /// How much is done at a time behind the commits.
  public var pace: Pace
  /// SQLite's name of the file layer; nil: the system's. The fault tests put theirs here.
  public var vfs: String?
  /// Where the crash test ends the process.
  public var crashPoints: CrashPoints
  /// Told what an operator should know.
  public var log: @Sendable (String) -> Void

  public init(
    workers: Int = 2, keepsChangesFor: Duration = .seconds(400 * 86_400),
    requestRetention: Duration = .seconds(86_400), watcherLag: Int64 = 100_000, tailBytes: Int = 96 << 20,
    tablesCacheKilobytes: Int = 48 << 10, readerCacheKilobytes: Int = 16 << 10,
    queryWork: Int = 2_000_000_000,
    pace: Pace = Pace(), vfs: String? = nil, crashPoints: CrashPoints = CrashPoints(),
    log: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.workers = workers
    self.keepsChangesFor = keepsChangesFor
    self.requestRetention = requestRetention
    self.watcherLag = watcherLag
    self.tailBytes = tailBytes
    self.tablesCacheKilobytes = tablesCacheKilobytes
    self.readerCacheKilobytes = readerCacheKilobytes
    self.queryWork = queryWork
    self.pace = pace
    self.vfs = vfs
    self.crashPoints = crashPoints
    self.log = log
  }
}

extension SQLiteStoreOptions {
  /// How much work is done at a time. A test takes less, so that little data goes every way there is.
  public struct Pace: Sendable {
    /// Frames (4 KiB each) in the log's write-ahead log at which it is copied into the file: 32 MiB. Commits wait for the
    /// copying and its syncs, some tens of milliseconds on a disk that is busy with the tables too; a 4 MiB log made one
    /// commit in a hundred wait under full load, this one in ten thousand.
    public var logCheckpointFrames = 8_192
    /// Frames in the tables' write-ahead log at which it is copied into the file: 64 MiB. A page that several batches have
    /// changed is then copied once; with much more, readers search longer for a page's newest frame.
    public var tablesCheckpointFrames = 16_384
    /// Records looked at in one slice of building an index: some tens of milliseconds' work, which is what a list may have
    /// to wait for it. Entries are written sorted, so that a larger slice costs less for each.
    public var buildRecords = 16_000
    /// Changes of a batch from which on search is given them later: those of a batch that came up full, because writers have
    /// more to say than the tables take. Where less is written, search knows what the tables know.
    public var searchBehindChanges = 16_384
    /// How long no batch may have been put aside before what waits is worked on unasked: a load that makes a pause of that
    /// length has ended.
    public var searchBehindCalm = Duration.seconds(1)
    /// Records that may wait for search, so that it is never more than about a minute's work behind. Beyond, writers wait
    /// for search too.
    public var searchBehindLimit = 2_000_000
    /// Waiting records that search is given at a time: a quarter of a second's work, which is what a list may have to wait
    /// for it.
    public var searchBehindSlice = 8_192
    /// How long a search waits for what has to be given to the index first. Beyond, it answers from what there is and says
    /// that hits may be missing.
    public var searchPatience = Duration.seconds(2)
    /// Rows looked at in one slice of a check of everything: some tens of milliseconds of a worker.
    public var verifyRows = 5_000
    /// Bytes to which a write-ahead log may grow while a check asks something of a whole file: about a minute of a server
    /// that writes as fast as it can, and room that a disk should have. A check that would need more leaves that part out,
    /// and says so.
    public var verifyWALBytes = 1 << 30
    /// How often what is older than ``SQLiteStoreOptions/keepsChangesFor`` is let go of: often enough that there is little of
    /// it each time.
    public var compactionInterval: Duration = .seconds(600)

    public init() {}
  }
}

extension Duration {
  /// Whole microseconds, held to what fits.
  var microseconds: Int64 {
    let (seconds, attoseconds) = components
    let (micros, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    if overflow { return seconds < 0 ? .min : .max }
    let (sum, overflowToo) = micros.addingReportingOverflow(attoseconds / 1_000_000_000_000)
    return overflowToo ? .max : sum
  }

  /// Whole nanoseconds, from nought to what a deadline can hold.
  var deadlineNanoseconds: UInt64 {
    let micros = microseconds
    return micros <= 0 ? 0 : UInt64(min(micros, Int64.max / 2_000)) * 1_000
  }
}
