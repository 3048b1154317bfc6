using System;

namespace Spindle.Simulation.Network;

/// <summary>Takes a frame that came in by a link; of a tun device a packet.</summary>
internal delegate void FrameHandler(SimulatedLink link, ReadOnlySpan<byte> frame);
