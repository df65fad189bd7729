// Ends a store's process again and again while 32 writers are at work, and looks whether it kept its
// promises.
//
//   store-crash run DIRECTORY [--kills N] [--seed S]     kills N children, at random moments and at named
//   points
//   store-crash model DIRECTORY [--histories N] [--seed S] the promises of every engine, then random
//   histories
//                                                        against a plain model
//   store-crash write DIRECTORY SEED WATCHED [POINT COUNT]  a child: writes until it is killed; its watcher goes on after
//                                                        revision WATCHED
//
// A child says each acknowledged write on its standard output, each change that its watcher gets, and each person it has
// erased. After each kill the parent opens the store and looks that every acknowledged write is there, that no revision is
// missing or doubled, that a request id has one effect, that the watcher, now in a child and now in the parent, has neither
// gap nor repeat, that nothing said of an erased person is in a file, and that `verify` finds nothing.

let arguments = CommandLine.arguments
if arguments.count >= 5, arguments[1] == "write" {
  try await CrashWriter(arguments).run()
} else if arguments.count >= 3, arguments[1] == "run" {
  try await CrashRun(arguments).run()
} else if arguments.count >= 3, arguments[1] == "model" {
  try await ModelRun(arguments).run()
} else {
  print("store-crash run DIRECTORY [--kills N] [--seed S]")
}
