using Spindle.Loop.Tests.Async;

namespace Spindle.Loop.Tests.Polling;

public sealed class EpollAsyncFdTests() : AsyncFdTests(WaitingBy.Epoll);

public sealed class PollAsyncFdTests() : AsyncFdTests(WaitingBy.Poll);

public sealed class SelectAsyncFdTests() : AsyncFdTests(WaitingBy.Select);

public sealed class IoUringAsyncFdTests() : AsyncFdTests(WaitingBy.IoUring);
