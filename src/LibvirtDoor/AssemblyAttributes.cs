using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("LibvirtDoor.Tests")]
