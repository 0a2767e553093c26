using System.Runtime.InteropServices;

namespace ActorMD.Engine.Calendar;

/// <summary>What a particle will do next, 64 bytes: its one stored event and its entry in the search structure.</summary>
/// <remarks>The last 32 bytes belong to the search structure (cell and box crossings), but for the last four.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct NextEvent
{
    /// <summary><see cref="Partner"/>: there is no event.</summary>
    public const int NoPartner = -1;

    /// <summary><see cref="Partner"/>: k-body event, the members are in the tuple table.</summary>
    public const int TuplePartner = -2;

    /// <summary><see cref="Partner"/>: bounce off the wall of axis 0; the other axes follow downwards.</summary>
    public const int WallPartner = -3;

    /// <summary>Key in the calendar: the earlier of event and renewal.</summary>
    [FieldOffset(0)]
    public double Time;

    /// <summary>Time of the earliest known event; +infinity if there is none.</summary>
    [FieldOffset(8)]
    public double EventTime;

    /// <summary>When the search structure must be renewed for this particle: it leaves its cell.</summary>
    [FieldOffset(16)]
    public double RenewalTime;

    /// <summary>Slot of the collision partner, or one of the negative codes above.</summary>
    [FieldOffset(24)]
    public int Partner;

    /// <summary>The partner's stamp when the event was predicted; for a tuple the sum of the other members' stamps.</summary>
    [FieldOffset(28)]
    public uint PartnerStamp;

    /// <summary>Cells: index of the cell along each axis.</summary>
    [FieldOffset(32)]
    public int CellX;

    [FieldOffset(36)]
    public int CellY;

    [FieldOffset(40)]
    public int CellZ;

    /// <summary>Cells: axis of the next crossing.</summary>
    [FieldOffset(44)]
    public int CrossingAxis;

    /// <summary>Cells: whole boxes flown since the last event; the wrapped centre is x(t) - Boxes L.</summary>
    [FieldOffset(48)]
    public int BoxesX;

    [FieldOffset(52)]
    public int BoxesY;

    [FieldOffset(56)]
    public int BoxesZ;

    /// <summary>Counts the entries of the particle in the calendar: only the newest is valid.</summary>
    [FieldOffset(60)]
    public int Entries;
}
