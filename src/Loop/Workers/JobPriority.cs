namespace Spindle.Loop.Workers;

/// <summary>Which workers a job may wait for.</summary>
public enum JobPriority
{
    /// <summary>The ordinary workers, in the order of the queue.</summary>
    Ordinary,

    /// <summary>The ordinary workers in the order of the queue, and the priority workers, who take nothing else: ordinary
    /// jobs that block all ordinary workers do not hold it up. Must not block itself.</summary>
    High,
}
