namespace Spindle.Loop.Tests.Polling;

public sealed class EpollTriggerTests() : TriggerTests(WaitingBy.Epoll);

public sealed class PollTriggerTests() : TriggerTests(WaitingBy.Poll);

public sealed class SelectTriggerTests() : TriggerTests(WaitingBy.Select);

public sealed class EpollFdSourceTests() : FdSourceTests(WaitingBy.Epoll);

public sealed class PollFdSourceTests() : FdSourceTests(WaitingBy.Poll);

public sealed class SelectFdSourceTests() : FdSourceTests(WaitingBy.Select);

public sealed class EpollTurnTests() : TurnTests(WaitingBy.Epoll);

public sealed class PollTurnTests() : TurnTests(WaitingBy.Poll);

public sealed class SelectTurnTests() : TurnTests(WaitingBy.Select);
