using System;

namespace Spindle.DBus;

/// <summary>What introspection tells about a method beside its arguments.</summary>
[Flags]
public enum BusMethodFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Kept for old clients.</summary>
    Deprecated = 1,

    /// <summary>It never answers.</summary>
    NoReply = 2,
}

/// <summary>A method of an interface.</summary>
public sealed class BusMethod
{
    internal BusMethod(string name, BusArgument[] arguments, Action<object, BusCall> handler, BusMethodFlags flags)
    {
        Name = BusNames.IsMember(name) ? name : throw new ArgumentException($"'{name}' is not a member's name.");
        Arguments = arguments;
        Handler = handler;
        Flags = flags;
        InSignature = BusArgument.Join(arguments, isOut: false);
        OutSignature = BusArgument.Join(arguments, isOut: true);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Arguments in the order of introspection.</summary>
    public BusArgument[] Arguments { get; }

    /// <summary>Types that a caller must give, exactly.</summary>
    public string InSignature { get; }

    /// <summary>Types that it answers.</summary>
    public string OutSignature { get; }

    /// <summary>Deprecated, without reply.</summary>
    public BusMethodFlags Flags { get; }

    internal Action<object, BusCall> Handler { get; }
}

/// <summary>A signal of an interface.</summary>
public sealed class BusSignal
{
    internal BusSignal(string name, BusArgument[] arguments)
    {
        Name = BusNames.IsMember(name) ? name : throw new ArgumentException($"'{name}' is not a member's name.");
        Arguments = arguments;
        Signature = BusArgument.Join(arguments, isOut: false);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>What it carries.</summary>
    public BusArgument[] Arguments { get; }

    /// <summary>Types of what it carries.</summary>
    public string Signature { get; }
}

/// <summary>A property, as introspection shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Signature">One complete type.</param>
/// <param name="IsWritable">True if Set may succeed.</param>
public sealed record BusProperty(string Name, string Signature, bool IsWritable);
