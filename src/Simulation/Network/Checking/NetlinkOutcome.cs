using System.Collections.Generic;

namespace Spindle.Simulation.Network.Checking;

/// <summary>What became of a request.</summary>
/// <param name="Error">The error of its acknowledgement; 0 for none.</param>
/// <param name="Words">What the acknowledgement says beside the number.</param>
/// <param name="Notifications">What the groups were told, in order, as text.</param>
internal sealed record NetlinkOutcome(int Error, string Words, IReadOnlyList<string> Notifications);
