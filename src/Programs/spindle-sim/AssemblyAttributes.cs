using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("spindle-sim.Tests")]
