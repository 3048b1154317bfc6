namespace Spindle.Simulation.Polling;

/// <summary>How an epoll polls its sockets' queues itself before it sleeps (<c>struct epoll_params</c>).</summary>
/// <param name="Microseconds">How long.</param>
/// <param name="Budget">How many packets at once.</param>
/// <param name="IsPreferred">1: interrupts stay off meanwhile.</param>
/// <param name="Padding">Must be 0.</param>
internal readonly record struct BusyPollParameters(uint Microseconds, ushort Budget, byte IsPreferred, byte Padding);
