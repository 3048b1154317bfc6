namespace Spindle.Loop.Tests.Polling;

public sealed class EpollPostTests() : PostTests(WaitingBy.Epoll);

public sealed class PollPostTests() : PostTests(WaitingBy.Poll);

public sealed class SelectPostTests() : PostTests(WaitingBy.Select);

public sealed class IoUringPostTests() : PostTests(WaitingBy.IoUring);
