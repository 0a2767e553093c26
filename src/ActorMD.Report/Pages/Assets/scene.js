// Shows particles in their box by three.js: turned by the pointer, played in time, coloured by species or by speed.
window.actormdScenes = (scenes, color, seriesColor) => {
  const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
  // From slow to fast: blue, grey, orange.
  const ramp = share => share < 0.5 ? [0.15 + share, 0.4 + 0.4 * share, 0.85 - 0.5 * share] : [0.65 + 0.6 * (share - 0.5), 0.6 - 0.3 * (share - 0.5), 0.6 - 1.0 * (share - 0.5)];
  const made = [];

  document.querySelectorAll('figure.scene').forEach((figure, number) => {
    const scene = scenes[number], place = figure.querySelector('.space'), find = name => figure.querySelector(name);
    if (!document.createElement('canvas').getContext('webgl2')) {
      place.textContent = 'This browser shows no WebGL, which the view of the particles needs.';
      return;
    }

    const species = bytes(scene.speciesOf), speeds = bytes(scene.speeds), positions = new Uint16Array(bytes(scene.positions).buffer);
    const count = species.length, frames = scene.times.length, longest = Math.max(...scene.lengths), lengths = scene.lengths.map(l => l / longest);
    const world = new THREE.Scene(), camera = new THREE.PerspectiveCamera(40, 4 / 3, 0.01, 50), renderer = new THREE.WebGLRenderer({ antialias: true, preserveDrawingBuffer: true });
    renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
    place.append(renderer.domElement);
    const middle = new THREE.Vector3(...lengths.map(l => l / 2));
    camera.position.copy(scene.dimension === 3 ? new THREE.Vector3(1.22, 0.85, 1.98) : new THREE.Vector3(0, 0, 1.7)).add(middle);
    const controls = new THREE.OrbitControls(camera, renderer.domElement);
    controls.target.copy(middle);
    controls.update();
    world.add(new THREE.AmbientLight(0xffffff, 1.6));
    const sun = new THREE.DirectionalLight(0xffffff, 2.2);
    camera.add(sun);
    sun.position.set(-1, 1.5, 1);
    world.add(camera);
    const box = new THREE.LineSegments(new THREE.EdgesGeometry(new THREE.BoxGeometry(...lengths)), new THREE.LineBasicMaterial());
    box.position.copy(middle);
    world.add(box);
    const spheres = new THREE.InstancedMesh(new THREE.SphereGeometry(1, 14, 10), new THREE.MeshLambertMaterial(), count);
    spheres.frustumCulled = false;
    world.add(spheres);

    const matrix = new THREE.Matrix4(), tint = new THREE.Color();
    let frame = 0, timer = 0, asked = false;
    const render = () => { asked = false; renderer.render(world, camera); };
    const ask = () => { if (!asked) { asked = true; requestAnimationFrame(render); } };
    const settle = () => {
      const factor = +find('.size').value;
      for (let k = 0; k < count; k++) {
        const at = 3 * (frame * count + k), radius = Math.max(factor * scene.species[species[k]].radius / longest, 1e-4);
        matrix.makeScale(radius, radius, radius);
        matrix.setPosition(positions[at] / 65535 * lengths[0], positions[at + 1] / 65535 * lengths[1], positions[at + 2] / 65535 * lengths[2]);
        spheres.setMatrixAt(k, matrix);
      }
      spheres.instanceMatrix.needsUpdate = true;
      find('.time').textContent = `t = ${+scene.times[frame].toPrecision(5)}`;
    };
    const paint = () => {
      const bySpeed = find('.colour').value === 'speed';
      const named = scene.species.map((_, k) => seriesColor(k)());
      for (let k = 0; k < count; k++) {
        if (bySpeed) tint.setRGB(...ramp(speeds[frame * count + k] / 255)); else tint.set(named[species[k]]);
        spheres.setColorAt(k, tint);
      }
      spheres.instanceColor.needsUpdate = true;
    };
    const legend = () => {
      const bySpeed = find('.colour').value === 'speed', stops = [0, 0.25, 0.5, 0.75, 1].map(s => `rgb(${ramp(s).map(c => Math.round(255 * Math.sqrt(c))).join(',')})`);
      find('.legend').replaceChildren(...(bySpeed
        ? [Object.assign(document.createElement('span'), { innerHTML: `0 <i class="ramp" style="background:linear-gradient(90deg,${stops.join(',')})"></i> ${+scene.speedMax.toPrecision(3)}` })]
        : scene.species.map((s, k) => { const e = document.createElement('span'), dot = document.createElement('i'); dot.style.background = seriesColor(k)(); e.append(dot, s.name); return e; })));
    };
    const show = k => { frame = k; find('.frame').value = k; settle(); if (find('.colour').value === 'speed') paint(); ask(); };
    const recolour = () => { renderer.setClearColor(color('--card')()); box.material.color.set(color('--soft')()); paint(); legend(); ask(); };
    const stop = () => { clearInterval(timer); timer = 0; find('.play').textContent = 'Play'; };

    find('.frame').max = frames - 1;
    find('.frame').addEventListener('input', e => { stop(); show(+e.target.value); });
    find('.size').addEventListener('input', () => { settle(); ask(); });
    find('.colour').addEventListener('change', () => { paint(); legend(); ask(); });
    if (speeds.length === 0) find('.colour').parentElement.remove();
    find('.play').addEventListener('click', () => {
      if (timer) { stop(); return; }
      find('.play').textContent = 'Pause';
      timer = setInterval(() => show((frame + 1) % frames), Math.max(60, 6000 / frames));
    });
    controls.addEventListener('change', ask);
    new ResizeObserver(() => {
      renderer.setSize(place.clientWidth, place.clientHeight);
      camera.aspect = place.clientWidth / Math.max(1, place.clientHeight);
      camera.updateProjectionMatrix();
      ask();
    }).observe(place);
    show(0);
    recolour();
    made.push({ recolour });
  });
  return made;
};
