namespace ActorMD.Files.Gsd;

/// <summary>Constants of the file layer of GSD, version 2 (https://gsd.readthedocs.io, "File layer").</summary>
internal static class GsdHeader
{
    /// <summary>The first eight bytes.</summary>
    public const ulong Magic = 0x65DF65DF65DF65DF;

    /// <summary>Bytes of the header.</summary>
    public const int Size = 256;

    /// <summary>Bytes of a line of the index.</summary>
    public const int EntrySize = 32;

    /// <summary>The list of names is allocated in pieces of so many bytes.</summary>
    public const int NameBlock = 64;

    /// <summary>Bytes of the names of application and schema.</summary>
    public const int TextSize = 64;

    /// <summary>The schema of particles.</summary>
    public const string Schema = "hoomd";

    /// <summary>Version of the schema: 1.4, in the upper and the lower half.</summary>
    public const uint SchemaVersion = (1 << 16) | 4;

    /// <summary>Version of the file layer: 2.0.</summary>
    public const uint FileVersion = 2 << 16;
}
