using System.Runtime.CompilerServices;

namespace Tweedie.Sampling;

/// <summary>How the two words of each block become its two numbers.</summary>
internal interface IDraw<TNumber>
{
    /// <summary>Writes the two numbers of each lane's block.</summary>
    static abstract void Write<T>(T first, T second, ref TNumber destination) where T : struct, ILanes<T>;
}

/// <summary>Uniform numbers in the open interval (0, 1).</summary>
internal readonly struct UniformDraw : IDraw<double>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<T>(T first, T second, ref double destination) where T : struct, ILanes<T> =>
        T.Store(BoxMuller.Uniform(first), BoxMuller.Uniform(second), ref destination);
}

/// <summary>Standard normal numbers.</summary>
internal readonly struct NormalDraw : IDraw<double>, IDraw<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<T>(T first, T second, ref double destination) where T : struct, ILanes<T>
    {
        BoxMuller.Normals(ref first, ref second);
        T.Store(first, second, ref destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<T>(T first, T second, ref float destination) where T : struct, ILanes<T>
    {
        BoxMuller.Normals(ref first, ref second);
        T.Store(first, second, ref destination);
    }
}
