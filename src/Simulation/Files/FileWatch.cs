using Spindle.Simulation.Objects;

namespace Spindle.Simulation.Files;

/// <summary>A watch of an inotify on a file or folder.</summary>
internal sealed class FileWatch(NotificationQueue queue, MemoryNode node, int number)
{
    public NotificationQueue Queue { get; } = queue;

    public MemoryNode Node { get; } = node;

    /// <summary>The watch descriptor.</summary>
    public int Number { get; } = number;

    /// <summary>What it is told of, and how.</summary>
    public Happening Mask { get; set; }

    /// <summary>Tells the inotify, if it asked for that.</summary>
    public void Tell(Happening what, string name, uint cookie)
    {
        if ((what & Mask & Happening.All) != Happening.None)
        {
            Queue.Add(new Notification(Number, what, cookie, name));
            if ((Mask & Happening.OneShot) != Happening.None)
            {
                Queue.End(this);
            }
        }
    }
}
