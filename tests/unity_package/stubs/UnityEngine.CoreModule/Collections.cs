// Part of the stand-in for UnityEngine.CoreModule.dll; see README.md beside it. Nothing here is Unity code.
using System;

namespace Unity.Collections
{
    public enum Allocator { Invalid, None, Temp, TempJob, Persistent }
    public enum NativeArrayOptions { UninitializedMemory, ClearMemory }
    public struct NativeArray<T> : IDisposable where T : struct
    {
        T[] m_Items;
        public NativeArray(int length, Allocator allocator, NativeArrayOptions options = NativeArrayOptions.ClearMemory) { m_Items = new T[length]; }
        public NativeArray(T[] items) { m_Items = items; }
        public int Length { get { return m_Items == null ? 0 : m_Items.Length; } }
        public bool IsCreated { get { return m_Items != null; } }
        public T this[int index] { get { return m_Items[index]; } set { m_Items[index] = value; } }
        public void CopyTo(T[] array) { m_Items.CopyTo(array, 0); }
        public void CopyFrom(T[] array) { array.CopyTo(m_Items, 0); }
        public T[] ToArray() { return (T[])m_Items.Clone(); }
        public static void Copy(NativeArray<T> src, T[] dst) { Array.Copy(src.m_Items, dst, src.Length); }
        public static void Copy(NativeArray<T> src, T[] dst, int length) { Array.Copy(src.m_Items, dst, length); }
        public static void Copy(NativeArray<T> src, int srcIndex, T[] dst, int dstIndex, int length) { Array.Copy(src.m_Items, srcIndex, dst, dstIndex, length); }
        public void Dispose() { m_Items = null; }
    }
}
namespace Unity.Jobs { public struct JobHandle { public void Complete() { } } }
