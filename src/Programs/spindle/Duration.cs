namespace Spindle.Programs;

/// <summary>How long something has been, in its two greatest units.</summary>
internal static class Duration
{
    public static string Of(ulong seconds) => seconds switch
    {
        < 60 => $"{seconds} s",
        < 3600 => $"{seconds / 60} min {seconds % 60} s",
        < 86_400 => $"{seconds / 3600} h {seconds / 60 % 60} min",
        _ => $"{seconds / 86_400} d {seconds / 3600 % 24} h",
    };
}
