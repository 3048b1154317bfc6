namespace Spindle.Loop;

/// <summary>What is decided when a loop is made.</summary>
public sealed record EventLoopOptions
{
    /// <summary>How it waits for its descriptors.</summary>
    public WaitingBy Waiting { get; init; } = WaitingBy.Epoll;
}
