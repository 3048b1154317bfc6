using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Daemon.Tests")]
[assembly: InternalsVisibleTo("spindle-sim")]
[assembly: InternalsVisibleTo("spindle-sim.Tests")]
