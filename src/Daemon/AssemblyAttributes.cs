using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Daemon.Tests")]
