using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Daemon.Tests")]
[assembly: InternalsVisibleTo("spindle-sim")]
