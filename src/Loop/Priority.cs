namespace Spindle.Loop;

/// <summary>GLib's priorities: the lower number goes first, and strictly so. Any other number is as good.</summary>
public static class Priority
{
    /// <summary>Before ordinary events.</summary>
    public const int High = -100;

    /// <summary>Ordinary events.</summary>
    public const int Default = 0;

    /// <summary>Idle work that something waits for.</summary>
    public const int HighIdle = 100;

    /// <summary>Ordinary idle work.</summary>
    public const int DefaultIdle = 200;

    /// <summary>What nothing waits for.</summary>
    public const int Low = 300;
}
