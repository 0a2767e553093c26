namespace ActorMD.Files;

/// <summary>What a column of a particle file means.</summary>
internal enum FrameColumn
{
    Ignored,
    Species,
    Type,
    Id,
    X,
    Y,
    Z,
    VelocityX,
    VelocityY,
    VelocityZ,
    Radius,
    Diameter,
    Mass,
    Time,
}
