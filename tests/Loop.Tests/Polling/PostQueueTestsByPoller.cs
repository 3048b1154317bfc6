namespace Spindle.Loop.Tests.Polling;

public sealed class EpollPostQueueTests() : PostQueueTests(WaitingBy.Epoll);

public sealed class PollPostQueueTests() : PostQueueTests(WaitingBy.Poll);

public sealed class SelectPostQueueTests() : PostQueueTests(WaitingBy.Select);

public sealed class IoUringPostQueueTests() : PostQueueTests(WaitingBy.IoUring);
