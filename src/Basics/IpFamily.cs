namespace Spindle.Basics;

/// <summary>The two versions of the Internet Protocol.</summary>
public enum IpFamily : byte
{
    /// <summary>RFC 791; 32-bit addresses.</summary>
    V4,

    /// <summary>RFC 8200; 128-bit addresses.</summary>
    V6,
}
