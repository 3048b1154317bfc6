namespace Spindle.Loop.Tests.Polling;

public sealed class EpollFdSourceTests() : FdSourceTests(WaitingBy.Epoll);

public sealed class PollFdSourceTests() : FdSourceTests(WaitingBy.Poll);

public sealed class SelectFdSourceTests() : FdSourceTests(WaitingBy.Select);

public sealed class IoUringFdSourceTests() : FdSourceTests(WaitingBy.IoUring);
