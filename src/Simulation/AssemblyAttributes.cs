using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Simulation.Tests")]
