namespace Spindle.Loop.Tests.Polling;

public sealed class EpollRowTests() : RowTests(WaitingBy.Epoll);

public sealed class PollRowTests() : RowTests(WaitingBy.Poll);

public sealed class SelectRowTests() : RowTests(WaitingBy.Select);

public sealed class IoUringRowTests() : RowTests(WaitingBy.IoUring);
