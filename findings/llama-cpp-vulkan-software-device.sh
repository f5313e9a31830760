#!/usr/bin/env bash
# llama.cpp 0.5.0 (npm @node-llama-cpp/linux-x64-vulkan 3.22.1) with Mesa 22.3 on Debian 12: the Vulkan back end does not offer Vulkan
# devices that run on the processor, such as Mesa's llvmpipe; it says "No devices found". Named by number in GGML_VK_VISIBLE_DEVICES, the
# same device is offered, and then as a GPU with all of its memory free. Choosing devices by type and memory, a program takes it for a
# graphics card. Guess before the run: the device is listed as one of the type CPU.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"; chmod 755 .
tar xzf "$(npm pack --silent @node-llama-cpp/linux-x64-vulkan@3.22.1)"
apt-get download -qq libvulkan1=1.3.239.0-1 mesa-vulkan-drivers=22.3.6-1+deb12u2 libllvm15 libdrm2 libelf1 libexpat1 libffi8 libwayland-client0 \
  libx11-6 libx11-xcb1 libxau6 libxdmcp6 libxcb1 libxcb-dri3-0 libxcb-present0 libxcb-randr0 libxcb-shm0 libxcb-sync1 libxcb-xfixes0 \
  libxshmfence1 libz3-4 libedit2 libbsd0 libmd0 libxml2 libicu72 libtinfo6 2> download.log
for package in *.deb; do dpkg -x "$package" debian; done
sed "s|/usr/lib|$folder/debian/usr/lib|" debian/usr/share/vulkan/icd.d/lvp_icd.x86_64.json > llvmpipe.json
cat > finding.py <<'PY'
import ctypes

folder = 'package/bins/linux-x64-vulkan/'
base = ctypes.CDLL(folder + 'libggml-base.so', mode=ctypes.RTLD_GLOBAL)
ggml = ctypes.CDLL(folder + 'libggml.vulkan.v0.5.0.so', mode=ctypes.RTLD_GLOBAL)
ggml.ggml_backend_load.argtypes = [ctypes.c_char_p]
ggml.ggml_backend_load((folder + 'libggml-vulkan.so').encode())
ggml.ggml_backend_dev_count.restype = ctypes.c_size_t
ggml.ggml_backend_dev_get.restype = ctypes.c_void_p
ggml.ggml_backend_dev_get.argtypes = [ctypes.c_size_t]
base.ggml_backend_dev_description.restype = ctypes.c_char_p
base.ggml_backend_dev_description.argtypes = base.ggml_backend_dev_type.argtypes = [ctypes.c_void_p]
base.ggml_backend_dev_memory.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_size_t), ctypes.POINTER(ctypes.c_size_t)]
count = ggml.ggml_backend_dev_count()
print(f'devices: {count}')
for number in range(count):
    device, free, total = ggml.ggml_backend_dev_get(number), ctypes.c_size_t(), ctypes.c_size_t()
    base.ggml_backend_dev_memory(device, ctypes.byref(free), ctypes.byref(total))
    kind = {0: 'CPU', 1: 'GPU'}.get(base.ggml_backend_dev_type(device), 'other')
    name = base.ggml_backend_dev_description(device).decode().split(' ')[0]
    print(f'{name}: {kind}, {"all memory free" if free.value == total.value > 0 else "memory in use"}')
PY
export LD_LIBRARY_PATH="$folder/debian/usr/lib/x86_64-linux-gnu:$folder/debian/lib/x86_64-linux-gnu" VK_DRIVER_FILES="$folder/llvmpipe.json"
unnamed=$(env -u GGML_VK_VISIBLE_DEVICES python3 finding.py 2> unnamed.log)
named=$(GGML_VK_VISIBLE_DEVICES=0 python3 finding.py 2> named.log)
printf 'not named:\n%s\n%s\nnamed:\n%s\n%s\n' "$unnamed" "$(grep 'No devices' unnamed.log)" "$named" "$(grep 'Warning' named.log)"
[ "$unnamed" = 'devices: 0' ]
[ "$named" = $'devices: 1\nllvmpipe: GPU, all memory free' ]
