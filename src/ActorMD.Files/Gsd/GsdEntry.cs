namespace ActorMD.Files.Gsd;

/// <summary>Types of the numbers of a chunk, as GSD numbers them.</summary>
internal enum GsdType : byte
{
    UInt8 = 1,
    UInt16 = 2,
    UInt32 = 3,
    UInt64 = 4,
    Int8 = 5,
    Int16 = 6,
    Int32 = 7,
    Int64 = 8,
    Single = 9,
    Double = 10,
}

/// <summary>One line of a GSD file's index: where a chunk of data lies.</summary>
/// <param name="Frame">Number of the frame.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Location">Position in the file, bytes; 0 ends the index.</param>
/// <param name="Columns">Numbers in a row.</param>
/// <param name="Name">Index into the list of names.</param>
/// <param name="Type">Of the numbers.</param>
internal readonly record struct GsdEntry(ulong Frame, ulong Rows, long Location, uint Columns, ushort Name, GsdType Type)
{
    /// <summary>Bytes of one number of a type; 0 for types that there are not.</summary>
    public static int SizeOf(GsdType type) => type switch
    {
        GsdType.UInt8 or GsdType.Int8 => 1,
        GsdType.UInt16 or GsdType.Int16 => 2,
        GsdType.UInt32 or GsdType.Int32 or GsdType.Single => 4,
        GsdType.UInt64 or GsdType.Int64 or GsdType.Double => 8,
        _ => 0,
    };
}
