/// Measures Punos as a plugin meets it: calls over TLS with a client certificate, from a big store.
///
///     api-bench load  --store FOLDER --tenant NAME [--accounts N]
///     api-bench calls --method NAME --connect HOST:PORT --ca F --cert F --key F [--seconds N] [--parallel N]
///                     [--accounts N] [--rate N | --from N [--employers N]]
@main
struct APIBench {
  static func main() async throws {
    let arguments = CommandLine.arguments.dropFirst()
    let options = try Options(arguments.dropFirst())
    switch arguments.first {
    case "load": try await Load.run(options)
    case "calls": try await Calls.run(options)
    default: throw BenchProblem(description: "load or calls was expected")
    }
  }
}
