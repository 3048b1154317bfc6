using System;

namespace Spindle.DBus;

/// <summary>A named argument of a method or signal.</summary>
/// <param name="Name">As introspection shows it.</param>
/// <param name="Signature">One complete type.</param>
/// <param name="IsOut">True for what a method answers. Signals' arguments have no direction.</param>
public sealed record BusArgument(string Name, string Signature, bool IsOut)
{
    /// <summary>An argument that a caller gives.</summary>
    public static BusArgument In(string name, string signature) => New(name, signature, false);

    /// <summary>An argument that a method answers.</summary>
    public static BusArgument Out(string name, string signature) => New(name, signature, true);

    internal static string Join(BusArgument[] arguments, bool isOut)
    {
        string joined = "";
        foreach (BusArgument argument in arguments)
        {
            joined += argument.IsOut == isOut ? argument.Signature : "";
        }

        return joined;
    }

    private static BusArgument New(string name, string signature, bool isOut) => BusSignature.IsSingle(signature)
        ? new BusArgument(name, signature, isOut)
        : throw new ArgumentException($"'{signature}' is not one complete type.", nameof(signature));
}
