using Spindle.Basics;

namespace Spindle.Protocols.Rtnetlink;

/// <summary>An address and when the kernel said it, from which its lifetimes count.</summary>
/// <param name="Address">The address.</param>
/// <param name="SaidAt">When.</param>
public readonly record struct TimedAddress(Address Address, Instant SaidAt);
