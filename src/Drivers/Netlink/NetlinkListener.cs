using Spindle.Protocols.Rtnetlink;

namespace Spindle.Drivers.Netlink;

/// <summary>Is told what appeared, changed or vanished, when the first look is done, and of losses.</summary>
/// <param name="change">
/// Any kind but <see cref="RtnetlinkOutputKind.Send"/> and <see cref="RtnetlinkOutputKind.RequestDone"/>. The listener
/// may call the driver; a request made here is sent after it returns.
/// </param>
public delegate void NetlinkListener(in RtnetlinkOutput change);
