using System.Reflection;
using System.Reflection.Emit;
using PureHDF;
using PureHDF.VOL.Native;

namespace ActorMD.Files.States;

/// <summary>Opens an HDF5 file so that no part of it can claim more bytes than the file has.</summary>
/// <remarks>
/// The library allocates what a length in the file says and reads afterwards: a damaged file of a few kilobytes gets gigabytes. All those
/// places ask the driver of the library for so many bytes. The driver is internal, so one that is derived from it is made here, at run
/// time, whose only difference is that it refuses to read more than there is.
/// </remarks>
internal static class BoundedHdf
{
    private const BindingFlags Hidden = BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static;

    private static readonly ConstructorInfo _driver = DriverType().GetConstructors().Single();
    private static readonly MethodInfo _open = typeof(NativeFile).GetMethods(Hidden).Single(
        method => method.Name == "InternalOpen" && !method.GetParameters()[0].ParameterType.IsAssignableFrom(typeof(string)));

    /// <summary>The root of a file.</summary>
    /// <exception cref="InvalidDataException">It is damaged; so are others that the library throws.</exception>
    public static IH5Group Open(Stream stream)
    {
        try
        {
            return (IH5Group)_open.Invoke(null, [_driver.Invoke([stream, true]), "", false, new H5ReadOptions()])!;
        }
        catch (TargetInvocationException error) when (error.InnerException is { } inner)
        {
            throw new InvalidDataException(inner.Message, inner);
        }
    }

    /// <summary>Refuses a length that is not in the file.</summary>
    public static void Check(int count, long length)
    {
        if (count < 0 || count > length)
        {
            throw new InvalidDataException($"a part of {unchecked((uint)count)} bytes is claimed, and the file has {length}");
        }
    }

    // class Driver(Stream stream, bool leaveOpen) : H5StreamDriver(stream, leaveOpen)
    // {
    //     public override byte[] ReadBytes(int count) { Check(count, Length); return base.ReadBytes(count); }
    // }
    private static Type DriverType()
    {
        Type parent = typeof(H5File).Assembly.GetType("PureHDF.VFD.H5StreamDriver", throwOnError: true)!;
        ConstructorInfo begin = parent.GetConstructor(Hidden, [typeof(Stream), typeof(bool)])!;
        MethodInfo read = parent.GetMethod("ReadBytes", Hidden, [typeof(int)])!, length = parent.GetProperty("Length", Hidden)!.GetMethod!;
        AssemblyName name = new("ActorMD.Files.BoundedHdf");
        AssemblyBuilder assembly = AssemblyBuilder.DefineDynamicAssembly(name, AssemblyBuilderAccess.Run);
        ModuleBuilder module = assembly.DefineDynamicModule("main");
        ConstructorInfo mayUse = MayUse(module);
        foreach (Assembly used in (Assembly[])[parent.Assembly, typeof(BoundedHdf).Assembly])
        {
            assembly.SetCustomAttribute(new CustomAttributeBuilder(mayUse, [used.GetName().Name!]));
        }

        TypeBuilder type = module.DefineType("Driver", TypeAttributes.Public | TypeAttributes.Sealed, parent);
        ILGenerator code = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [typeof(Stream), typeof(bool)])
            .GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Ldarg_2);
        code.Emit(OpCodes.Call, begin);
        code.Emit(OpCodes.Ret);
        code = type.DefineMethod(read.Name, MethodAttributes.Public | MethodAttributes.Virtual, typeof(byte[]), [typeof(int)])
            .GetILGenerator();
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Callvirt, length);
        code.Emit(OpCodes.Call, typeof(BoundedHdf).GetMethod(nameof(Check))!);
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Call, read);
        code.Emit(OpCodes.Ret);
        return type.CreateType();
    }

    // The attribute that lets an assembly use what is internal in another one: the runtime knows it by its name.
    private static ConstructorInfo MayUse(ModuleBuilder module)
    {
        TypeBuilder type = module.DefineType(
            "System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute", TypeAttributes.Public, typeof(Attribute));
        ILGenerator code = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [typeof(string)]).GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Call, typeof(Attribute).GetConstructor(Hidden, [])!);
        code.Emit(OpCodes.Ret);
        return type.CreateType().GetConstructor([typeof(string)])!;
    }
}
