namespace Spindle.Loop.Tests.Polling;

public sealed class EpollTriggerTests() : TriggerTests(WaitingBy.Epoll);

public sealed class PollTriggerTests() : TriggerTests(WaitingBy.Poll);

public sealed class SelectTriggerTests() : TriggerTests(WaitingBy.Select);

public sealed class IoUringTriggerTests() : TriggerTests(WaitingBy.IoUring);
