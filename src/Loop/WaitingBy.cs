namespace Spindle.Loop;

/// <summary>How a loop waits for its descriptors.</summary>
public enum WaitingBy
{
    /// <summary>epoll: the cost of a turn follows what is ready, not what is watched. The default.</summary>
    Epoll,
}
