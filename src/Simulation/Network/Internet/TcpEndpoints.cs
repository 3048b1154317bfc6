using Spindle.Basics;

namespace Spindle.Simulation.Network.Internet;

/// <summary>Between whom a connection is.</summary>
/// <param name="Local">Our address.</param>
/// <param name="LocalPort">Our port.</param>
/// <param name="Remote">The other's address.</param>
/// <param name="RemotePort">The other's port.</param>
internal readonly record struct TcpEndpoints(IpAddress Local, ushort LocalPort, IpAddress Remote, ushort RemotePort);
