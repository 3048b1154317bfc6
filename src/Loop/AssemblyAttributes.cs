using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Loop.Tests")]
[assembly: InternalsVisibleTo("Loop.Simulated.Tests")]
[assembly: InternalsVisibleTo("spindle-sim")]
