namespace Spindle.Loop.Tests.Polling;

public sealed class EpollTurnTests() : TurnTests(WaitingBy.Epoll);

public sealed class PollTurnTests() : TurnTests(WaitingBy.Poll);

public sealed class SelectTurnTests() : TurnTests(WaitingBy.Select);

public sealed class IoUringTurnTests() : TurnTests(WaitingBy.IoUring);
