namespace Spindle.Loop.Tests.Polling;

public sealed class EpollHangUpTests() : HangUpTests(WaitingBy.Epoll);

public sealed class PollHangUpTests() : HangUpTests(WaitingBy.Poll);

public sealed class SelectHangUpTests() : HangUpTests(WaitingBy.Select);

public sealed class IoUringHangUpTests() : HangUpTests(WaitingBy.IoUring);
