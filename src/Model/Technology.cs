namespace Spindle.Model;

/// <summary>A kind of network access.</summary>
/// <param name="type">The word on the bus: <c>ethernet</c>.</param>
/// <param name="name">The word for people: <c>Wired</c>.</param>
public sealed class Technology(string type, string name)
{
    /// <summary>The word on the bus.</summary>
    public string Type { get; } = type;

    /// <summary>The word for people.</summary>
    public string Name { get; } = name;

    /// <summary>A device of this kind is there.</summary>
    public bool IsPresent { get; internal set; }

    /// <summary>Switched on.</summary>
    public bool IsPowered { get; internal set; }

    /// <summary>Switched on by the user's wish, which the flight mode only suspends.</summary>
    public bool IsEnabledByUser { get; internal set; }

    /// <summary>A service of this kind is connected.</summary>
    public bool IsConnected { get; internal set; }

    /// <summary>The bus object's path.</summary>
    public string Path => $"/net/connman/technology/{Type}";
}
