namespace Spindle.Simulation.Files;

/// <summary>An event of an inotify.</summary>
/// <param name="Watch">The watch descriptor; -1 where events were lost.</param>
/// <param name="What">What happened.</param>
/// <param name="Cookie">Equal for the two ends of a rename.</param>
/// <param name="Name">The file in the watched folder; empty for what is watched itself.</param>
internal readonly record struct Notification(int Watch, Happening What, uint Cookie, string Name);
